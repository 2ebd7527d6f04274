/**
 * `@bianmin/card`: readers, cards and what is on them, on any platform. Reaching a reader is `@bianmin/card/node` or
 * `@bianmin/card/web`; a meter's files are `@bianmin/card/meter`.
 */
export { fromHex, toHex } from '../bytes/hex.ts';
export type { ChipDriver, ChipName, MemoryReader, Tries } from '../chip/contract.ts';
export { CHIP_NAMES } from '../chip/contract.ts';
export type { CpuDialect } from '../chip/cpu/dialect.ts';
export { openCpuCard } from '../chip/cpu/dialect-probe.ts';
export { DIALECTS } from '../chip/cpu/dialects.ts';
export { ChipError, type ChipErrorCode } from '../chip/error.ts';
export { identifyChip } from '../chip/identify.ts';
export type { Region, RegionData } from '../chip/region.ts';
export type { AbortSignalLike, Clock } from '../clock.ts';
export { CodedError, codeOf, type ErrorContext } from '../errors.ts';
export { parseAtr, type Atr } from '../framing/atr.ts';
export { FramingError, type FramingErrorCode } from '../framing/error.ts';
export { isRemoval, ReaderError, type ReaderErrorCode } from '../reader/error.ts';
export { hidReaderBus } from '../reader/hid-bus.ts';
export { modelOf, modelOfName, READER_MODELS, type ReaderModel } from '../reader/models.ts';
export { watchPcscReaders } from '../reader/pcsc-readers.ts';
export { watchReaders, type Readers } from '../reader/readers.ts';
export type { CardSession, CardSlot } from '../reader/slot.ts';
export type { Issue, Result, Schema, SchemaError } from '../schema/schema.ts';
export { Stop } from '../stop.ts';
export { UsbError, type UsbErrorCode } from '../usb/error.ts';
export type { HidBus, HidPort, PcscPort, UsbBus, UsbPort } from '../usb/ports.ts';
