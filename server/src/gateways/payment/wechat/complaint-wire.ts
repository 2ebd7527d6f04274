import { z } from 'zod';

// Shapes of "消费者投诉 2.0" as far as they are used here: "查询投诉单列表", "查询投诉协商历史", "投诉通知回调" (2025). The
// payer's telephone number comes sealed, is not needed and not opened.

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const complaint = z.object({
  complaint_id: z.string().min(1).max(64),
  complaint_time: time,
  complaint_detail: z.string().max(2000),
  complaint_state: z.enum(['PENDING', 'PROCESSING', 'PROCESSED']),
  /** REFUND, SERVICE_NOT_WORK, OTHERS; not in every answer. */
  problem_type: z.string().max(64).optional(),
  /** The payer has written and has no answer yet. */
  incoming_user_response: z.boolean().default(false),
  /** Empty where the complaint is about no order. */
  complaint_order_info: z
    .array(
      z.object({
        transaction_id: z.string().min(1).max(64),
        out_trade_no: z.string().min(1).max(64),
        amount: z.int().min(0),
      }),
    )
    .default([]),
});
export type WechatComplaint = z.output<typeof complaint>;
export const complaintPage = z.object({ data: z.array(complaint).default([]) });

export const complaintHistory = z.object({
  data: z
    .array(
      z.object({
        operate_time: time,
        /** `USER_…`: the payer; `MERCHANT_…`, `SYSTEM_…`: others. */
        operate_type: z.string().max(64),
        operate_details: z.string().max(2000).default(''),
      }),
    )
    .default([]),
});

/** The resource of `COMPLAINT.CREATE` and `COMPLAINT.STATE_CHANGE`: it says that there is something, and not what. */
export const complaintResource = z.object({ complaint_id: z.string().min(1).max(64) });
