import type { Words } from '@bianmin/purchase/i18n/translate';
import type { ReceiptKey } from '../zh-CN/receipt.ts';

export const receipt: Words<ReceiptKey> = {
  'receipt.title': 'Electricity receipt',
  'receipt.again': 'Reprint',
  'receipt.face': 'Credit',
  'receipt.discount': 'Discount',
  'receipt.paid': 'Paid',
  'receipt.refund': 'Refund',
  'receipt.handedOut': 'Cash handed back',
  'receipt.balance': 'On the meter',
  'receipt.by': 'Paid by',
  'receipt.by.cash': 'Cash',
  'receipt.time': 'Time of payment',
  'receipt.name': 'Name',
  'receipt.address': 'Address',
  'receipt.customerNo': 'Customer number',
  'receipt.meterTail': 'Meter no. ends in',
  'receipt.place': 'Place',
  'receipt.todo.paid': 'The money is here; the electricity is on its way. Keep this receipt.',
  'receipt.todo.written': 'Put the card into your meter at home. Only then is it credited.',
  'receipt.todo.credited': 'It is on your meter already. No card is needed.',
  'receipt.todo.account': 'It is in the account. No card is needed.',
  'receipt.todo.refunding': 'The money is on its way back to where it was paid from.',
  'receipt.todo.refunded': 'The money has gone back to where it was paid from.',
  'receipt.todo.cashBack': 'Ask the staff for your cash.',
  'receipt.todo.cashOut': 'The staff have handed the cash back.',
  'receipt.scan': 'Scan to see this on your phone',
  'receipt.notInvoice': 'This is not an invoice.',
  'who.cashWaiting': '{yuan} yuan in cash wait for you. Ask the staff where you paid',
  'receipt.take': 'Take the receipt',
  'receipt.keep': 'Scan to keep the receipt on your phone',
  'receipt.print': 'Print receipt',
  'receipt.printAgain': 'Print once more',
  'receipt.printing': 'Printing the receipt',
  'receipt.printed': 'The receipt is printed. Please take it',
  'receipt.noPaper':
    'There is no paper. Please ask staff for some. Your money and electricity are all settled.',
  'receipt.coverOpen':
    'The printer’s cover is not closed. Please ask staff. Your money and electricity are all settled.',
  'receipt.broken':
    'The printer cannot be used. Please ask staff. Your money and electricity are all settled.',
  'receipt.waits': 'One moment, it prints soon. Your money and electricity are all settled.',
  'receipt.failed':
    'The receipt was not printed. Your money and electricity are all settled; note the receipt code.',
};
