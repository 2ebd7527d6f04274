import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { createInvoiceSandbox } from '../../../../server/sandbox/invoice/sandbox.ts';
import { openProxy } from '../../contract/proxy.ts';

/** A listener by its name, until it is ended. */
const [name, webUrl = ''] = process.argv.slice(2);
const { url } =
  name === 'invoice'
    ? await createInvoiceSandbox({ key: randomBytes(32) })
    : await openProxy(webUrl, { own: [], credentials: () => Promise.resolve({}) });
process.stdout.write(`ready ${url}\n`);
