import type { Words } from '@bianmin/purchase/i18n/translate';
import type { SandboxKey } from '../zh-CN/sandbox.ts';

export const sandbox: Words<SandboxKey> = {
  'sandbox.title': 'Card drawer',
  'sandbox.hint': 'Tap a card to put it in the reader',
  'sandbox.inReader': 'in the reader',
  'sandbox.elsewhere': 'elsewhere',
  'sandbox.eject': 'Take out',
  'sandbox.phone': 'Scan with the sandbox phone',
  'sandbox.meters': 'Go to the meters',
};
