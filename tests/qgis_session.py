"""What a person does with QGIS, done by QGIS without a screen; what came of it is written as JSON.

Run by the Python that QGIS was built for: ``python3 - ADDRESS KEY PICTURE < qgis_session.py``.
"""

import json
import os
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HOME"] = os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp()

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsAuthMethodConfig,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsNetworkAccessManager,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

ADDRESS, KEY, PICTURE = sys.argv[1:4]
CITY = QgsRectangle(109.983, 39.816, 109.997, 39.825)
MORE = '"class_code" = \'JS\' AND "start_depth_m" > 1'
application = QgsApplication([], False)
application.initQgis()
asked = []
QgsNetworkAccessManager.setRequestPreprocessor(lambda request: asked.append(request.url().toString()))


def signed_in(method, **said):
    """An entry of the authentication manager; its id."""
    config = QgsAuthMethodConfig(method)
    config.setName(method)
    for name, value in said.items():
        config.setConfig(name.replace("_", "-"), value)
    assert QgsApplication.authManager().storeAuthenticationConfig(config)[0]
    return config.id()


QgsApplication.authManager().setMasterPassword("password", True)
BASIC = signed_in("Basic", username="key", password=KEY)


def features(name, entry=BASIC, **more):
    """A layer of OGC API Features."""
    uri = QgsDataSourceUri()
    for parameter, value in {"url": f"{ADDRESS}/ogc", "typename": name, **more}.items():
        uri.setParam(parameter, value)
    uri.setAuthConfigId(entry)
    return QgsVectorLayer(uri.uri(False), name, "OAPIF")


def from_degrees(crs, box):
    degrees = QgsCoordinateReferenceSystem("OGC:CRS84")
    return QgsCoordinateTransform(degrees, crs, QgsProject.instance()).transformBoundingBox(box)


def numbers(layer, request=None):
    return sorted(feature["segment_no"] for feature in layer.getFeatures(request or QgsFeatureRequest()))


def read():
    layer = features("pipe_segments")
    told = {"valid": layer.isValid(), "count": layer.featureCount(), "crs": layer.crs().authid()}
    before = len(asked)
    told |= {"numbers": numbers(layer), "pages": len(asked) - before}
    told["by_expression"] = numbers(layer, QgsFeatureRequest().setFilterExpression(MORE))
    return told


def subset():
    layer = features("pipe_segments")
    before = len(asked)
    assert layer.setSubsetString(MORE)
    return {"numbers": numbers(layer), "asked": asked[before:]}


def box():
    layer = features("pipe_segments", restrictToRequestBBOX="1")
    part = from_degrees(layer.crs(), QgsRectangle(109.985, 39.817, 109.99, 39.82))
    before = len(asked)
    return {"numbers": numbers(layer, QgsFeatureRequest().setFilterRect(part)), "asked": asked[before:]}


def edit():
    """Add, change, move and delete a point, and what there is after each. None: this QGIS only reads."""
    if "APIHeader" not in QgsApplication.authManager().authMethodsKeys():
        return None
    entry = signed_in("APIHeader", **{"X-API-Key": KEY, "If-Match": "*"})

    def found():
        layer = features("pipe_points", entry)
        places = {one["point_no"]: one for one in layer.getFeatures()}
        return layer, {name: one for name, one in places.items() if str(name).startswith("QGIS-")}

    def shown():
        return {name: one.geometry().asPoint().x() for name, one in found()[1].items()}

    layer, _none = found()
    told = {"capabilities": layer.dataProvider().capabilitiesString(), "steps": []}
    made = QgsFeature(layer.fields())
    for name, value in {"class_code": "PS", "class_zh": "雨水", "survey": "E1", "point_no": "QGIS-1"}.items():
        made[name] = value
    made.setGeometry(next(layer.getFeatures()).geometry())
    changes = (
        lambda layer, _one: layer.addFeature(made),
        lambda layer, one: layer.changeAttributeValue(one.id(), layer.fields().indexOf("point_no"), "QGIS-2"),
        lambda layer, one: layer.changeGeometry(one.id(), moved(one)),
        lambda layer, one: layer.deleteFeature(one.id()),
    )
    for change in changes:
        layer, there = found()
        done = (
            layer.startEditing() and change(layer, next(iter(there.values()), None)) and layer.commitChanges()
        )
        told["steps"].append({"done": done, "errors": layer.commitErrors(), "there": shown()})
    return told


def moved(feature):
    shape = QgsGeometry(feature.geometry())
    shape.translate(0.00002 if abs(shape.asPoint().x()) < 180 else 2.0, 0.0)
    return shape


def draw():
    """Vector tiles in the style of the service, drawn to a picture."""
    tiles = f"{ADDRESS}/tiles/pipe_segments/{{z}}/{{x}}/{{y}}.mvt"
    style = f"&styleUrl={ADDRESS}/styles/pipelines.json?api_key={KEY}"
    layer = QgsVectorTileLayer(
        f"type=xyz&url={tiles}&zmin=0&zmax=16&authcfg={BASIC}&styleUrl={style}", "pipes"
    )
    why_not, styled = layer.loadDefaultStyle()
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(from_degrees(settings.destinationCrs(), CITY))
    settings.setOutputSize(QSize(600, 500))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(PICTURE)
    return {"valid": layer.isValid(), "styled": styled, "why_not": why_not}


steps = {"read": read, "subset": subset, "box": box, "edit": edit, "draw": draw}
told = {"version": Qgis.QGIS_VERSION_INT} | {name: step() for name, step in steps.items()}
sys.stdout.write(json.dumps(told))
