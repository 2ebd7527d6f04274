/** What the gateway answers other than a success: its code, and what it says. Alipay, "公共错误码" and each call's own. */
const REFUSALS = {
  'aop.unknow-error': ['20000', '系统繁忙'],
  'isv.missing-parameter': ['40001', '缺少必选参数'],
  'isv.invalid-parameter': ['40002', '参数无效'],
  'isv.invalid-app-id': ['40002', '无效的AppID参数'],
  'isv.invalid-method': ['40002', '不存在的方法名'],
  'isv.invalid-signature': ['40002', '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配'],
  'isv.invalid-timestamp': ['40002', '非法的时间戳参数'],
  'isv.code-invalid': ['40002', '授权码code无效'],
  'isv.app-call-limited': ['40005', '应用调用次数超限'],
  'isv.invalid_arguments': ['40004', '入参不合法'],
  'isp.bill_not_exist': ['40004', '账单不存在'],
  'ACQ.INVALID_PARAMETER': ['40004', '参数无效'],
  'ACQ.TRADE_NOT_EXIST': ['40004', '交易不存在'],
  'ACQ.TRADE_HAS_SUCCESS': ['40004', '交易已被支付'],
  'ACQ.TRADE_HAS_CLOSE': ['40004', '交易已经关闭'],
  'ACQ.TRADE_STATUS_ERROR': ['40004', '交易状态不合法'],
  'ACQ.CONTEXT_INCONSISTENT': ['40004', '交易信息被篡改'],
  'ACQ.TRADE_BUYER_NOT_MATCH': ['40004', '交易买家不匹配'],
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': ['40004', '卖家余额不足'],
  'ACQ.TRADE_NOT_ALLOW_REFUND': ['40004', '当前交易不允许退款'],
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': ['40004', '退款金额超限'],
  'ACQ.TRADE_HAS_FINISHED': ['40004', '交易已完结'],
  'ACQ.DISCORDANT_REPEAT_REQUEST': ['40004', '不一致的请求'],
  'ACQ.PARTNER_ERROR': ['40004', '应用APP_ID填写错误'],
} as const;

export type RefusalCode = keyof typeof REFUSALS;

const WORDS: Readonly<Record<string, string>> = {
  '20000': 'Service Currently Unavailable',
  '40001': 'Missing Required Arguments',
  '40002': 'Invalid Arguments',
  '40004': 'Business Failed',
  '40005': 'Call Limited',
};

/** A refusal in the gateway's own form. */
export class Refusal extends Error {
  readonly subCode: RefusalCode;
  readonly code: string;

  constructor(subCode: RefusalCode, detail?: string) {
    super(detail === undefined ? REFUSALS[subCode][1] : `${REFUSALS[subCode][1]}：${detail}`);
    this.name = 'Refusal';
    this.subCode = subCode;
    this.code = REFUSALS[subCode][0];
  }

  get fields(): Record<string, string> {
    return { code: this.code, msg: WORDS[this.code] ?? '', sub_code: this.subCode, sub_msg: this.message };
  }
}
