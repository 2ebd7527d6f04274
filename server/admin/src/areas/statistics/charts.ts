import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { use, type EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { LIGHT, NIGHT } from '@bianmin/purchase/design/tokens';

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** Blue and orange of Okabe and Ito: told apart by eyes of every kind, and in grey by their lightness. */
const NOW = '#0072B2';
const BEFORE = '#E69F00';
/** The lighter blue of the same set, on the wall's dark ground. */
const NOW_AT_NIGHT = '#56B4E9';

interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}
export interface ChartInit {
  readonly kind: 'bar' | 'line';
  /** What it shows, in a sentence: for users who do not see it. */
  readonly description: string;
  readonly labels: readonly string[];
  readonly now: ChartSeries;
  readonly before: ChartSeries;
  /** Names stand at the left and are long: the values grow to the right. */
  readonly lying?: boolean;
  /** On a wall, which is dark and seen from afar: the size of its letters, px. */
  readonly wall?: number;
}

export function chartOption(init: ChartInit): EChartsCoreOption {
  const { kind, description, labels, now, before, lying = false, wall } = init;
  const theme = wall === undefined ? LIGHT : NIGHT;
  const fontSize = wall ?? 12;
  const axisLabel = { color: theme.muted, fontSize };
  const names = {
    type: 'category',
    data: [...labels],
    inverse: lying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: theme.muted } },
    axisLabel: { ...axisLabel, ...(lying ? { width: 130, overflow: 'break' } : {}) },
  };
  const values = {
    type: 'value',
    minInterval: 1,
    axisLabel,
    splitLine: { lineStyle: { color: theme.line } },
  };
  const series = ({ name, values: data }: ChartSeries, color: string, dashed: boolean) => ({
    ...{ type: kind, name, data: [...data], color, barMaxWidth: 18, symbolSize: 6 },
    lineStyle: { width: wall === undefined ? 2 : 5, type: dashed ? 'dashed' : 'solid' },
    symbol: dashed ? 'emptyCircle' : 'circle',
  });
  return {
    animation: false,
    textStyle: { fontFamily: "'Noto Sans SC', system-ui, sans-serif" },
    // The pattern of the bars says the same as their colour.
    aria: { enabled: true, label: { description }, decal: { show: kind === 'bar' } },
    // In the picture itself: the pages' policy lets no style into markup.
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { top: 0, left: 0, textStyle: { color: theme.text, fontSize } },
    grid: { top: fontSize * 3, left: 8, right: 24, bottom: 8, containLabel: true },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: [series(now, wall === undefined ? NOW : NOW_AT_NIGHT, false), series(before, BEFORE, true)],
  };
}
