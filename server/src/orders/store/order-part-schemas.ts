import { Schema } from 'mongoose';

export const text = { type: String, required: true } as const;
export const whole = { type: Number, required: true } as const;
export const time = { type: Date, required: true } as const;
export const options = { _id: false, strict: 'throw' } as const;

export const payment = new Schema(
  {
    product: String,
    payer: String,
    handed: Boolean,
    no: text,
    channelNo: String,
    float: String,
    channel: text,
    status: text,
    amountFen: whole,
    codeUrl: { type: String, default: null },
    createdAt: time,
    expiresAt: time,
    lookAgainAt: Date,
    transactionId: String,
    paidAt: Date,
    funds: Boolean,
  },
  options,
);

export const discount = new Schema(
  { rule: text, names: { type: Object, required: true }, funder: text },
  options,
);

export const refund = new Schema(
  {
    no: text,
    paymentNo: text,
    fen: whole,
    status: text,
    reason: text,
    key: String,
    note: String,
    caseId: String,
    requestedBy: String,
    approvedBy: String,
    at: time,
    sentAt: Date,
    sentAgainAt: Date,
    handOut: {
      type: new Schema(
        { status: text, at: Date, by: String, staff: String, terminalId: String, slip: String },
        options,
      ),
      default: undefined,
    },
  },
  options,
);

export const sale = new Schema(
  {
    status: text,
    firstSentAt: Date,
    sentAt: Date,
    tries: Number,
    saleNo: String,
    creditFen: Number,
    arrearsFen: Number,
    feeFen: Number,
    reason: String,
    notFound: Number,
    noCreditAt: Date,
    noCreditLooks: Number,
    evidenceDigest: String,
  },
  options,
);

export const reversal = new Schema(
  {
    status: text,
    sentAt: Date,
    reason: String,
    requestedBy: String,
    approvedBy: String,
    approval: String,
    was: String,
  },
  options,
);

export const write = new Schema(
  {
    status: text,
    lease: Number,
    terminalId: String,
    leaseUntil: Date,
    at: Date,
    imageDigest: String,
    reason: String,
    confirmed: Boolean,
    triesLeft: Number,
    silent: Boolean,
    refused: Boolean,
    lastTry: Boolean,
    releasedDigest: String,
    meterSaidAt: String,
  },
  options,
);

export const meter = new Schema(
  { status: text, at: Date, reason: String, belowFen: Number, saidAt: String },
  options,
);

export const undo = new Schema(
  {
    status: text,
    at: time,
    requestedBy: text,
    approvedBy: text,
    approval: text,
    lease: Number,
    terminalId: String,
    leaseUntil: Date,
    meterSaidAt: String,
    releasedDigest: String,
    imageDigest: String,
  },
  options,
);

export const bill = new Schema({ no: text, period: text, whole: Boolean }, options);

export const credit = new Schema(
  {
    status: text,
    firstSentAt: Date,
    sentAt: Date,
    tries: Number,
    notFound: Number,
    reason: String,
    balanceFen: Number,
    creditedAt: Date,
    supply: String,
  },
  options,
);
