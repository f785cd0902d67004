# Writes what is in an object, whose blocks are decompressed by Google's Snappy within pyarrow.
# python unsnap.py snappy-java|hadoop FILE
import struct
import sys

import pyarrow


def length(block):
    """What a block says its contents are long: a varint in front of it."""
    value = shift = 0
    for byte in block:
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
        shift += 7
    raise ValueError('a block without its length')


class Object:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise ValueError(f'{count} bytes at {self.at} of {len(self.data)}')
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self):
        return struct.unpack('>I', self.take(4))[0]

    def block(self):
        block = self.take(self.number())
        return pyarrow.decompress(block, decompressed_size=length(block), codec='snappy', asbytes=True)

    def ended(self):
        return self.at == len(self.data)


def snappy_java(data):
    if data.take(8) != b'\x82SNAPPY\0' or data.number() != 1 or data.number() != 1:
        raise ValueError('not the header of snappy-java')
    while not data.ended():
        yield data.block()


def hadoop(data):
    while not data.ended():
        rest = data.number()
        while rest > 0:
            content = data.block()
            rest -= len(content)
            yield content
        if rest < 0:
            raise ValueError('a block is longer than it says')


framing = {'snappy-java': snappy_java, 'hadoop': hadoop}[sys.argv[1]]
with open(sys.argv[2], 'rb') as file:
    for part in framing(Object(file.read())):
        sys.stdout.buffer.write(part)
