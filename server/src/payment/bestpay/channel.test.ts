import { BESTPAY_NATURE, startBestpay } from '../../testing/bestpay-harness.ts';
import { paymentContract } from '../../testing/payment-contract.ts';

paymentContract('Bestpay', startBestpay, BESTPAY_NATURE);
