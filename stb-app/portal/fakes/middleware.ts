import { amt } from './amt.ts';
import { broken } from './broken.ts';
import { huawei } from './huawei.ts';
import type { FakeBox } from './launch.ts';
import { yinhe } from './yinhe.ts';

export type Middleware = (box: FakeBox) => object;

/** Those that start an app; what each does otherwise than others is from three implementations that were compared. */
export const MIDDLEWARE: Readonly<Record<'amt' | 'yinhe' | 'huawei', Middleware>> = { amt, yinhe, huawei };
export { broken };
