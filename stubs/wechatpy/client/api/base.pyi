class BaseWeChatAPI:
    API_BASE_URL: str
