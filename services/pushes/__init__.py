"""微信推送: kept when they come, worked later; what people write to the service becomes a draft."""
