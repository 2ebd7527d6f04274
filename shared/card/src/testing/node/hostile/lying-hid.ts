import type { Clock } from '../../../clock.ts';
import type { HidPort, HidReport } from '../../../usb/ports.ts';
import { randomBytes } from '../../random.ts';
import type { Draw } from './reader-lies.ts';

/** What comes instead of an honest input report. */
export type HidLie = (honest: HidReport, draw: Draw) => readonly HidReport[];

const cut = (data: Uint8Array, length: number): Uint8Array => data.slice(0, length);

export const HID_LIES: Readonly<Record<string, HidLie>> = {
  'gives reports of no byte': ({ id }) => [{ id, data: new Uint8Array() }],
  'gives reports that are too short': ({ id, data }, draw) => [{ id, data: cut(data, draw() % data.length) }],
  'gives reports that are too long': ({ id, data }, draw) => [
    { id, data: Uint8Array.of(...data, ...randomBytes(draw, 1 + (draw() % 4_096))) },
  ],
  'gives reports of other numbers': ({ data }, draw) => [{ id: draw() & 0xff, data }],
  'gives noise': ({ id }, draw) => [{ id, data: randomBytes(draw, draw() % 80) }],
  'gives each report twice': (honest) => [honest, honest],
  'types, as a keyboard does': ({ data }, draw) => [{ id: 0, data: cut(randomBytes(draw, 8), data.length) }],
  'leaves reports out': () => [],
};

/** A HID reader's port whose reports lie from the `from`th on; `floods`: noise comes beside them, every few ms. */
export function lyingHid(
  port: HidPort,
  of: { clock: Clock; draw: Draw; lie: HidLie; from: number; floods: boolean },
): HidPort {
  const { clock, draw, lie, from, floods } = of;
  const waiting: HidReport[] = [];
  let nth = 0;
  const readReport = async (timeoutMs: number): Promise<HidReport> => {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) return next;
      if (floods && nth >= from && draw() % 2 === 0) {
        await clock.sleep(4);
        return { id: port.inputReportLength === undefined ? 0 : 1, data: randomBytes(draw, 64) };
      }
      const honest = await port.readReport(timeoutMs);
      waiting.push(...(nth++ < from ? [honest] : lie(honest, draw)));
    }
  };
  return {
    info: port.info,
    inputReportLength: port.inputReportLength,
    writeReport: (report, timeoutMs) => port.writeReport(report, timeoutMs),
    readReport,
    close: () => port.close(),
  };
}
