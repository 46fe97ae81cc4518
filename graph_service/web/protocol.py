"""HTTP/1.1 as the service speaks it: uvicorn's, with words for a request that is not HTTP."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from graph_service.web.problems import problem


class Protocol(HttpToolsProtocol):
    """Answers what cannot be parsed, such as an address with 中文 as it stands, with a problem.

    Nothing of such a request is known, so the problem tells its cause in both languages.
    """

    def send_400_response(self, msg: str) -> None:
        """Tell why nothing could be answered, and hang up."""
        answer = problem("not_http", {"language": "zh"}, {"connection": "close"})
        fields = b"".join(b"%s: %s\r\n" % field for field in answer.raw_headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + fields + b"\r\n" + answer.body)
        self.transport.close()
