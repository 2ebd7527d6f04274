/** The channels between preload and main; nothing else is listened to. */
export const CALL_CHANNEL = 'bianmin:call';
export const EVENT_CHANNEL = 'bianmin:event';
