#!/usr/bin/env python3
"""Packs root file systems into an OCI image, without a container engine.

    oci.py DOCKERFILE STAGE NAME OUT.tar LAYER...

Each LAYER is a folder, and becomes one layer. What the image says of itself (ENV, USER, ENTRYPOINT, ...) is read from
the stage of the Dockerfile. OUT.tar is an OCI layout with a manifest.json beside it, which `ctr images import`,
`podman load`, `docker load` and `skopeo copy oci-archive:` take.

The same folders make the same bytes: files are in the order of their names, belong to root, and have the time of
SOURCE_DATE_EPOCH (0 when it is not set). Only what VOLUME names belongs to USER.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import platform
import re
import shlex
import sys
import tarfile
from datetime import datetime, timezone

INSTRUCTIONS = {"FROM", "COPY", "ENV", "LABEL", "WORKDIR", "USER", "EXPOSE", "VOLUME", "ENTRYPOINT", "CMD"}
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def pairs(text):
    """NAME=VALUE NAME="VALUE" as an ordered list of pairs."""
    return [tuple(word.split("=", 1)) for word in shlex.split(text)]


def stage_of(dockerfile, stage):
    """What the image config says for one stage of a Dockerfile."""
    with open(dockerfile, encoding="utf-8") as file:
        text = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", file.read()))
    config, inside = {"Env": [], "Labels": {}, "ExposedPorts": {}, "Volumes": {}}, False
    for line in filter(str.strip, text.splitlines()):
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            inside = rest.split()[-1] == stage
        if not inside:
            continue
        if word not in INSTRUCTIONS:
            sys.exit(f"{dockerfile}: the stage {stage} has {word}, which cannot be carried out without an engine")
        if word == "ENV":
            config["Env"] += [f"{name}={value}" for name, value in pairs(rest)]
        elif word == "LABEL":
            config["Labels"].update(pairs(rest))
        elif word == "EXPOSE":
            config["ExposedPorts"].update({f"{port}/tcp": {} for port in rest.split()})
        elif word == "VOLUME":
            config["Volumes"].update({path: {} for path in rest.split()})
        elif word in ("ENTRYPOINT", "CMD"):
            config["Entrypoint" if word == "ENTRYPOINT" else "Cmd"] = json.loads(rest)
        elif word in ("WORKDIR", "USER"):
            config["WorkingDir" if word == "WORKDIR" else "User"] = rest
    if "Entrypoint" not in config:
        sys.exit(f"{dockerfile}: there is no stage {stage} with an ENTRYPOINT")
    return config


def layer(folder, config, epoch):
    """The bytes of a folder as a tar."""
    owner = config.get("User", "0:0").split(":")
    volumes = [path.strip("/") for path in config["Volumes"]]

    def normal(entry):
        entry.uid = entry.gid = 0
        if entry.name in volumes:
            entry.uid, entry.gid = int(owner[0]), int(owner[-1])
        entry.uname = entry.gname = ""
        entry.mtime = epoch
        return entry

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in sorted(os.listdir(folder)):
            tar.add(os.path.join(folder, name), arcname=name, filter=normal)
    return packed.getvalue()


def digest(content):
    return hashlib.sha256(content).hexdigest()


class Archive:
    """An OCI layout that is written into a tar."""

    def __init__(self, tar, epoch):
        self.tar, self.epoch, self.there = tar, epoch, set()

    def put(self, name, content):
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime, entry.mode = len(content), self.epoch, 0o644
        self.tar.addfile(entry, io.BytesIO(content))

    def blob(self, content, media_type):
        """Writes a blob once; gives its descriptor."""
        name = digest(content)
        if name not in self.there:
            self.there.add(name)
            self.put(f"blobs/sha256/{name}", content)
        return {"mediaType": media_type, "digest": f"sha256:{name}", "size": len(content)}


def as_json(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def build(dockerfile, stage, name, out, folders, epoch):
    config = stage_of(dockerfile, stage)
    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    created = datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    with tarfile.open(out + ".part", "w", format=tarfile.GNU_FORMAT) as tar:
        archive = Archive(tar, epoch)
        layers, plain = [], []
        for folder in folders:
            content = layer(folder, config, epoch)
            plain.append("sha256:" + digest(content))
            layers.append(archive.blob(gzip.compress(content, 6, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip"))
        image = archive.blob(as_json({
            "architecture": architecture, "os": "linux", "created": created, "config": config,
            "rootfs": {"type": "layers", "diff_ids": plain},
            "history": [{"created": created, "created_by": os.path.basename(folder)} for folder in folders],
        }), "application/vnd.oci.image.config.v1+json")
        manifest = archive.blob(as_json({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": image, "layers": layers,
        }), "application/vnd.oci.image.manifest.v1+json")
        manifest["annotations"] = {"io.containerd.image.name": name,
                                   "org.opencontainers.image.ref.name": name.rsplit(":", 1)[-1]}
        manifest["platform"] = {"architecture": architecture, "os": "linux"}
        archive.put("index.json", as_json({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [manifest]}))
        archive.put("manifest.json", as_json([{
            "Config": "blobs/sha256/" + image["digest"][7:], "RepoTags": [name],
            "Layers": ["blobs/sha256/" + part["digest"][7:] for part in layers]}]))
        archive.put("oci-layout", as_json({"imageLayoutVersion": "1.0.0"}))
    os.replace(out + ".part", out)
    print(f"{name}  {manifest['digest']}  {os.path.getsize(out) / 1e6:.0f} MB packed, {out}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for argument in ("dockerfile", "stage", "name", "out"):
        arguments.add_argument(argument)
    arguments.add_argument("layer", nargs="+")
    given = arguments.parse_args()
    build(given.dockerfile, given.stage, given.name, given.out, given.layer,
          int(os.environ.get("SOURCE_DATE_EPOCH", "0")))


if __name__ == "__main__":
    main()
