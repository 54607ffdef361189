"""操作的字段: what each action takes. Each schema loads the facts of its action."""
