"""个人信息请求: what people ask about their own data, and what the law makes of it."""
