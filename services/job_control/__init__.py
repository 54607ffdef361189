"""任务管理: administrators see what works by itself, ask for a run, hold a job back for a while."""
