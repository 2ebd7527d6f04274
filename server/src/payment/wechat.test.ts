import { paymentContract } from '../testing/payment-contract.ts';
import { startWechat } from '../testing/wechat-harness.ts';

paymentContract('WeChat Pay', startWechat);
