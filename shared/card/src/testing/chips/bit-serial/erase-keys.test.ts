import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../../../bytes/hex.ts';
import { AT88SC102 } from '../../../chip/bit-serial/tables/at88sc102.ts';
import { AT88SC1604 } from '../../../chip/bit-serial/tables/at88sc1604.ts';
import { blankBitSerial, laidOver } from './card.ts';
import { KEY1, Host } from './host.ts';

describe('an erase key with a counter (AT88SC1604)', () => {
  it('lets bits of its zone rise, a byte a pulse, and counts wrong ones', () => {
    const host = new Host(AT88SC1604);
    host.validate('sc', bytes('F0F0'));
    host.pulseAt(host.bitOf('az1') + 8, 1);
    expect(host.read('az1', 3)).toBe('FF0123');
    expect(host.validate('ez1', bytes('A1B3'))).toBe(false);
    expect(host.read('e1ac', 1)).toBe('7F');
    expect(host.validate('ez1', bytes('A1B2'))).toBe(true);
    expect(host.read('e1ac', 1)).toBe('FF');
    host.pulseAt(host.bitOf('az1') + 8, 1);
    expect(host.read('az1', 3)).toBe('FFFF23');
    // Another zone has another key.
    host.pulseAt(host.bitOf('az2') + 8, 0);
    expect(host.read('az2', 2)).toBe('FF7F');
    host.pulseAt(host.bitOf('az2') + 8, 1);
    expect(host.read('az2', 2)).toBe('FF7F');
  });

  it('is not validated by a driver that spends a bit at the key’s own address', () => {
    // `UpdEnAC` of the public driver `AT1604.c` goes to EZn where it means EnAC.
    const host = new Host(AT88SC1604);
    host.validate('sc', bytes('F0F0'));
    host.to(host.bitOf('ez1'));
    host.code(bytes('A1B2'));
    host.to(host.bitOf('ez1'));
    host.chip.pulse(0);
    host.chip.pulse(1);
    expect(host.read('e1ac', 1)).toBe('FF');
    host.pulseAt(host.bitOf('az1') + 8, 1);
    expect(host.read('az1', 2)).toBe('FF01');
  });
});

describe('an erase key without a counter (AT88SC102)', () => {
  it('erases its zone whole with the pulse that follows it, after the security code', () => {
    const host = new Host(AT88SC102);
    const erase = (key: Uint8Array): void => {
      host.to(host.bitOf('ez1'));
      host.code(key);
      host.chip.pulse(1);
    };
    erase(KEY1);
    expect(host.read('az1', 3)).toBe('FF0123');
    host.validate('sc', bytes('F0F0'));
    erase(bytes('A1B2C3D4E5F7'));
    expect(host.read('az1', 3)).toBe('FF0123');
    erase(KEY1);
    expect(host.read('az1', 3)).toBe('FFFFFF');
  });

  it('is met by chance: I/O left high over a key of ones makes the first pulse in AZ2 erase AZ1', () => {
    const table = AT88SC102;
    const memory = laidOver(blankBitSerial(table), table, [{ zone: 'az1', offset: 1, data: bytes('0123') }]);
    const host = new Host(table, { memory });
    host.validate('sc', bytes('F0F0'));
    // As R:mooltipass/minible does: low on the last bit of EZ1.
    host.to(host.bitOf('az2') - 1);
    host.chip.clock(0);
    host.chip.pulse(1);
    expect(host.read('az1', 3)).toBe('FF0123');
    host.pulseAt(host.bitOf('az2'), 1);
    expect(host.read('az1', 3)).toBe('FFFFFF');
  });

  it('spends one of 128 bits of EC for each erasure of AZ2, until the EC2EN fuse is blown', () => {
    const erase = (host: Host): void => {
      host.to(host.bitOf('az2') + 8);
      host.chip.pulse(0);
      host.to(host.bitOf('ez2'));
      host.code(bytes('FFFFFFFF'));
      for (let i = 0; i < 128 && host.chip.output === 0; i++) host.chip.clock(1);
      host.chip.pulse(0);
      host.chip.pulse(1);
    };
    const host = new Host(AT88SC102);
    host.validate('sc', bytes('F0F0'));
    for (let i = 0; i < 128; i++) {
      erase(host);
      expect(host.read('az2', 2)).toBe('FFFF');
    }
    expect(host.read('ec', 16)).toBe('00'.repeat(16));
    erase(host);
    expect(host.read('az2', 2)).toBe('FF7F');

    const uncounted = new Host(AT88SC102, { ec2enBlown: true });
    uncounted.validate('sc', bytes('F0F0'));
    uncounted.pulseAt(uncounted.bitOf('az2') + 8, 0);
    uncounted.to(uncounted.bitOf('ez2'));
    uncounted.code(bytes('FFFFFFFF'));
    uncounted.chip.pulse(1);
    expect(uncounted.read('az2', 2)).toBe('FFFF');
    expect(uncounted.read('ec', 1)).toBe('FF');
  });
});
