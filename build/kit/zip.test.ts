import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readZip } from './zip.ts';

/** One file, packed, as APPNOTE 4.3 lays it out; only the fields that are read. */
function archive(name: string, text: string): Buffer {
  const packed = deflateRawSync(Buffer.from(text));
  const local = Buffer.alloc(30);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

describe('a ZIP archive', () => {
  it('gives its files unpacked', () => {
    const files = readZip(archive('assets/pages/index.html', 'x'.repeat(500)));
    const file = files.get('assets/pages/index.html');
    expect(file?.bytes.toString()).toBe('x'.repeat(500));
    expect(file?.packedBytes).toBeLessThan(100);
    expect(files.size).toBe(1);
  });

  it('is refused where it is none', () => {
    expect(() => readZip(Buffer.from('no archive'))).toThrow('no ZIP');
    const broken = archive('a', 'b');
    broken.writeUInt16LE(2, broken.length - 12);
    expect(() => readZip(broken)).toThrow('directory');
  });
});
