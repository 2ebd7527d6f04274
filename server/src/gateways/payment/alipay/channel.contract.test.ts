import { ALIPAY_NATURE, startAlipay } from '../../../testing/alipay-harness.ts';
import { paymentContract } from '../../../testing/payment-contract.ts';

paymentContract('Alipay', startAlipay, ALIPAY_NATURE);
