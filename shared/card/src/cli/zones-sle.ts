import { MAIN_SIZE as SLE4428_MAIN } from '../chip/sle4428/constants.ts';
import { Sle4428Driver } from '../chip/sle4428/driver.ts';
import { MAIN_SIZE as SLE4442_MAIN, PROTECTABLE_SIZE } from '../chip/sle4442/constants.ts';
import { Sle4442Driver } from '../chip/sle4442/driver.ts';
import { spansWhere, type ChipShape } from './zone-shape.ts';

export const SLE4442_SHAPE: ChipShape = {
  zones: [{ zone: 'main', length: SLE4442_MAIN, access: 'code' }],
  codes: [{ key: 0, name: 'PSC' }],
  unread: [{ zone: 'security', length: 4 }],
  async protection(driver) {
    if (!(driver instanceof Sle4442Driver)) return {};
    const bits = await driver.readProtection();
    const isOpen = (address: number): boolean => (((bits[address >> 3] ?? 0) >> (address & 7)) & 1) === 1;
    return { main: spansWhere(Array.from({ length: PROTECTABLE_SIZE }, (_, address) => !isOpen(address))) };
  },
};

export const SLE4428_SHAPE: ChipShape = {
  zones: [{ zone: 'main', length: SLE4428_MAIN, access: 'code' }],
  codes: [{ key: 0, name: 'PSC' }],
  unread: [{ zone: 'security', length: 3 }],
  async protection(driver) {
    if (!(driver instanceof Sle4428Driver)) return {};
    const open = await driver.readProtection(0, SLE4428_MAIN);
    return { main: spansWhere(open.map((each) => !each)) };
  },
};
