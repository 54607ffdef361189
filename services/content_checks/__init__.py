"""内容审核: what enterprises write is judged by the platform, else by people; others wait."""
