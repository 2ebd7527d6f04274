import type { ChipDriver, ChipName } from '../chip/contract.ts';
import { AT88SC153_SHAPE, AT88SC1608_SHAPE } from './zones-at88.ts';
import { bitSerialShape } from './zones-bit-serial.ts';
import { cpuShape } from './zones-cpu.ts';
import { SLE4428_SHAPE, SLE4442_SHAPE } from './zones-sle.ts';
import type { ChipShape } from './zone-shape.ts';

/** How each chip describes itself; a new one is a line here. */
const SHAPES: Readonly<Record<ChipName, ChipShape | ((driver: ChipDriver) => ChipShape)>> = {
  SLE4442: SLE4442_SHAPE,
  SLE4428: SLE4428_SHAPE,
  CPU: cpuShape,
  AT88SC153: AT88SC153_SHAPE,
  AT88SC1608: AT88SC1608_SHAPE,
  AT88SC102: bitSerialShape,
  AT88SC1602: bitSerialShape,
  AT88SC1604: bitSerialShape,
  AT88SC1604B: bitSerialShape,
};

/** The shape of the card that a driver is on. */
export function shapeOf(driver: ChipDriver): ChipShape {
  const shape = SHAPES[driver.chip];
  return typeof shape === 'function' ? shape(driver) : shape;
}
