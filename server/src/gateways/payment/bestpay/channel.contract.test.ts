import { SANDBOX_PROFILE } from '../../../../sandbox/wallet/bestpay/keys.ts';
import { BESTPAY_NATURE, startBestpay } from '../../../testing/bestpay-harness.ts';
import { noBills } from '../../../testing/payment-contract/no-bills.ts';
import { paymentContract } from '../../../testing/payment-contract.ts';

paymentContract('Bestpay', () => startBestpay(), BESTPAY_NATURE);

// As it is until a merchant's account shows how bills are asked for.
const { paths: _, ...profile } = SANDBOX_PROFILE;
noBills(() => startBestpay({ BESTPAY_PROFILE: JSON.stringify(profile) }));
