#!/usr/bin/env python3
"""Makes JSON schemas for kubeconform of what Kubernetes publishes about itself.

    schemas.py OUT SWAGGER.json [CRD.json...]

SWAGGER.json is api/openapi-spec/swagger.json of Kubernetes; each CRD.json a CustomResourceDefinition. OUT gets one file
for each kind, named as kubeconform looks for it: KIND-GROUP-VERSION.json, in lower case. The schemas are strict: a field
that Kubernetes does not know is a mistake here, while an API server would drop it with a warning.
"""

import json
import os
import sys

# Fields of these types are written in more than one way: k8s.io/apimachinery, resource.Quantity and intstr.IntOrString.
EITHER = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": ["string", "number"]},
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"type": ["string", "integer"]},
}


def strict(schema):
    """The schema, with unknown fields refused wherever fields are listed."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {}
    for word, part in schema.items():
        if word in ("properties", "definitions"):  # its keys are names, whatever they say
            made[word] = {name: strict(below) for name, below in part.items()}
        elif not word.startswith("x-") and word != "description":
            made[word] = strict(part)
    if schema.get("x-kubernetes-int-or-string"):
        made = {"type": ["string", "integer"]}
    if "properties" in made and "additionalProperties" not in made and not schema.get("x-kubernetes-preserve-unknown-fields"):
        made["additionalProperties"] = False
    return made


def reachable(name, definitions):
    """The definitions that one needs, itself included."""
    found, open_names = {}, [name]
    while open_names:
        at = open_names.pop()
        if at in found:
            continue
        found[at] = definitions[at]
        text = json.dumps(definitions[at])
        open_names += [part.split('"')[0] for part in text.split('"#/definitions/')[1:]]
    return found


def write(folder, kind, group, version, schema):
    parts = [kind, group.split(".")[0], version] if group else [kind, version]
    with open(os.path.join(folder, "-".join(parts).lower() + ".json"), "w", encoding="utf-8") as file:
        json.dump(schema, file)


def main(folder, swagger, crds):
    os.makedirs(folder, exist_ok=True)
    with open(swagger, encoding="utf-8") as file:
        published = json.load(file)["definitions"]
    definitions = {name: EITHER.get(name) or strict(schema) for name, schema in published.items()}
    kinds = 0
    for name, schema in published.items():
        for kind in schema.get("x-kubernetes-group-version-kind", []):
            write(folder, kind["kind"], kind["group"], kind["version"],
                  {"$ref": f"#/definitions/{name}", "definitions": reachable(name, definitions)})
            kinds += 1
    for crd in crds:
        with open(crd, encoding="utf-8") as file:
            spec = json.load(file)["spec"]
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            write(folder, spec["names"]["kind"], spec["group"], version["name"], schema)
            kinds += 1
    print(f"{kinds} kinds")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
