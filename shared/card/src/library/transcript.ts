/** `@bianmin/card/transcript`: what passed between a driver and a card, recorded without codes and played as a card. */
export { assertRedacted } from '../transcript/check.ts';
export { TranscriptError, type TranscriptErrorCode } from '../transcript/error.ts';
export { formatTranscript, parseTranscript, type Transcript } from '../transcript/format.ts';
export { ReplaySession } from '../transcript/player.ts';
export { RecordingSession } from '../transcript/recorder.ts';
