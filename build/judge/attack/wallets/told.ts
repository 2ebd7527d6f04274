import type { Packet } from '../../../../server/sandbox/wallet/dialect.ts';
import type { Channel } from '@bianmin/purchase/api/channels';
import { stopped, through, type Outcome } from '../attack.ts';
import { said, type SiteAnswer } from '../site.ts';
import type { Paying, World } from '../world.ts';

/** Tells the server what a wallet would. */
export function tell(world: World, channel: Channel, { headers, body }: Packet): Promise<SiteAnswer> {
  return world.send(`/v1/notify/${channel}`, { method: 'POST', headers, body });
}

/** Whether a false word about an order moved money: its meter is asked. */
export async function told(
  world: World,
  order: Pick<Paying, 'orderNo' | 'meterNo'>,
  of: { readonly channel: Channel; readonly packet: Packet },
): Promise<Outcome> {
  const { balanceFen } = await world.sandbox.meter(order.meterNo);
  const answer = await tell(world, of.channel, of.packet);
  const stored = await world.count('notifications', { orderNo: order.orderNo });
  if (answer.status < 300 || stored > 0) {
    if (await world.isCredited(order.meterNo, balanceFen))
      return through(`${said(answer)}; the meter was credited`);
  }
  const now = (await world.sandbox.meter(order.meterNo)).balanceFen;
  if (now !== balanceFen) return through(`${said(answer)}; the meter has ${now - balanceFen} fen more`);
  return stopped(`${said(answer)}; ${stored} stored, the meter as before`);
}
