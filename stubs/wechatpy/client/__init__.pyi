from typing import Any

import requests

class WeChatClient:
    API_BASE_URL: str
    appid: str
    secret: str
    wxa: Any
    template: Any
    _http: requests.Session
    def __init__(
        self,
        appid: str,
        secret: str,
        access_token: str | None = None,
        session: object | None = None,
        timeout: float | None = None,
        auto_retry: bool = True,
    ) -> None: ...
    @property
    def access_token(self) -> str: ...
    def fetch_access_token(self) -> dict[str, Any]: ...
    def get(self, url: str, **kwargs: Any) -> Any: ...
    def post(self, url: str, **kwargs: Any) -> Any: ...
    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any: ...
    def _handle_result(
        self,
        res: requests.Response,
        method: str | None = None,
        url: str | None = None,
        result_processor: Any = None,
        **kwargs: Any,
    ) -> Any: ...
