import { tripleDes } from './triple-des.ts';
import { driverRig } from '../chips/cpu/rig.ts';
import type { DriverRig } from '../chips/cpu/rig.ts';
import type { CpuDialect } from '../../chip/cpu/dialect.ts';

export const rigOf = (dialect: CpuDialect): DriverRig => driverRig({ cipher: tripleDes, dialect });
