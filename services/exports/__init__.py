"""导出: asked for with a purpose, agreed to by a second person where need be, made by a job."""
