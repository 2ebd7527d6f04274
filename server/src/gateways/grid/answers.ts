import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { GridNextStep } from './card-tasks.ts';
import type { GridCredit, GridSale } from './contract.ts';
import type { GridReplacement } from './replacements.ts';
import type { GridQuote } from './customers.ts';
import { GridError } from './error.ts';
import { OPERATIONS, type AnswerOf, type Operation, type RequestOf } from './wire/operations.ts';

/**
 * The answer, if it is one of this operation and to this request: sums add up, order and card are the ones asked
 * about. Anything else is `grid.unknown`, since the grid has done something and we do not know what.
 */
export function checkedAnswer<O extends Operation>(
  operation: O,
  body: RequestOf<O>,
  data: unknown,
): AnswerOf<O> {
  const parsed = OPERATIONS[operation].answer.safeParse(data);
  if (parsed.success && answersTo(operation, body, parsed.data)) return parsed.data as AnswerOf<O>;
  throw new GridError({
    code: 'grid.unknown',
    message: 'The answer does not have the expected form. Ask what became of the request.',
    context: { operation, field: parsed.error?.issues[0]?.path.join('.') },
  });
}

function answersTo(operation: Operation, body: object, answer: object): boolean {
  const asked = body as Partial<RequestOf<'sell'>>;
  switch (operation) {
    case 'sell':
      return saleAnswers(asked, answer as GridSale);
    case 'payAccount':
      return saleAnswers({ ...asked, count: 0 }, answer as GridSale);
    case 'queryOriginal':
      return !('sale' in answer) || saleAnswers(asked, answer.sale as GridSale);
    case 'quote':
      return sumsUp(answer as GridQuote) && (answer as GridQuote).faceFen === asked.faceFen;
    case 'remoteCredit':
      return (answer as GridCredit).orderNo === asked.orderNo;
    case 'queryCredit':
      return !('credit' in answer) || (answer.credit as GridCredit).orderNo === asked.orderNo;
    case 'writePlan':
    case 'authorise':
      return (answer as WritePlan).orderNo === asked.orderNo;
    case 'cancelPlan':
      return takesOff(body as RequestOf<'cancelPlan'>, answer as WritePlan);
    case 'replaceCard':
      return replacementAnswers(body as RequestOf<'replaceCard'>, answer as GridReplacement);
    case 'dailyBill':
      return (answer as AnswerOf<'dailyBill'>).day === (body as RequestOf<'dailyBill'>).day;
    case 'cardTasks':
      return tasksAnswer(body as RequestOf<'cardTasks'>, answer as AnswerOf<'cardTasks'>);
    case 'readMeter': {
      const { reading } = answer as AnswerOf<'readMeter'>;
      return reading === null || reading.meterNo === asked.meterNo;
    }
    case 'cardStep': {
      const next = answer as GridNextStep;
      return next.next !== 'step' || next.n === (body as RequestOf<'cardStep'>).done + 1;
    }
    default:
      return true;
  }
}

/** Each for a terminal that was asked about. */
function tasksAnswer({ terminals }: RequestOf<'cardTasks'>, { tasks }: AnswerOf<'cardTasks'>): boolean {
  return tasks.every(({ terminalId }) => terminals.includes(terminalId));
}

function sumsUp({ faceFen, creditFen, arrearsFen, feeFen }: GridQuote | GridSale): boolean {
  return creditFen + arrearsFen + feeFen === faceFen;
}

/** The plan must be of this request and for the card that was read, and of the kind that replaces one. */
function replacementAnswers(
  { requestNo, customerNo, image }: RequestOf<'replaceCard'>,
  { customerNo: answered, serial, plan }: GridReplacement,
): boolean {
  const { orderNo, kind } = plan;
  const ours = answered === customerNo && orderNo === requestNo && kind === 'replacement';
  return ours && serial === image.serial && plan.serial === serial;
}

/** Of this sale, for the card that was read, and nothing that could put the sale on it. */
function takesOff({ orderNo, image }: RequestOf<'cancelPlan'>, plan: WritePlan): boolean {
  return plan.orderNo === orderNo && plan.kind === 'undo' && plan.serial === image.serial;
}

function saleAnswers(asked: Partial<RequestOf<'sell'>>, sale: GridSale): boolean {
  return (
    sale.orderNo === asked.orderNo &&
    sumsUp(sale) &&
    (asked.faceFen === undefined || sale.faceFen === asked.faceFen) &&
    (asked.count === undefined || sale.count === asked.count)
  );
}
