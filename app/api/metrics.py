"""/metrics: what there is to measure, as Prometheus reads it."""

from collections.abc import Iterable, Iterator, Mapping

from flask import Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app import clock
from app.api import gate
from app.api.blueprints import resource
from services import metrics
from services.metrics import Measure, Reading

blueprint = resource("metrics", "监控指标", prefix="")


class Readings(Collector):
    """One reading of the database, in the words of prometheus-client."""

    def __init__(self, readings: Mapping[Measure, Iterable[Reading]]) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        """Every measure as a family, the empty ones too."""
        for measure, readings in self._readings.items():
            family = _family(measure)
            for labels, value in readings:
                family.add_metric(labels, value)
            yield family


@blueprint.route("/metrics", methods=["GET"])
@gate.public
@blueprint.unlimited
@blueprint.response(200, content_type="text/plain", description="Prometheus 文本格式的指标")
@blueprint.doc(operationId="readMetrics", summary="监控指标")
def read() -> Response:
    """消息投递、微信和企业微信接口、后台进程的指标，不含个人信息；供内部监控抓取，反向代理不得转发。"""
    accounts = [one.appid for one in current_app.config["SETTINGS"].programs]
    registry = CollectorRegistry()
    if wecom := current_app.config["WECOM"]:
        accounts += [wecom.corp_id, wecom.name]
    registry.register(Readings(metrics.read(accounts, now=clock.now(), at=clock.real())))
    made = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    made.headers["Cache-Control"] = "no-store"
    return made


def _family(measure: Measure) -> CounterMetricFamily | GaugeMetricFamily:
    kind = CounterMetricFamily if measure.is_counter else GaugeMetricFamily
    return kind(measure.name, measure.meaning, labels=measure.labels)
