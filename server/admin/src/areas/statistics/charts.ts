import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { use, type EChartsCoreOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { LIGHT } from '@bianmin/shared/design/tokens';

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** Blue and orange of Okabe and Ito: told apart by eyes of every kind, and in grey by their lightness. */
const NOW = '#0072B2';
const BEFORE = '#E69F00';

export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}
export interface ChartInit {
  readonly kind: 'bar' | 'line';
  /** What it shows, in a sentence: for whoever does not see it. */
  readonly description: string;
  readonly labels: readonly string[];
  readonly now: ChartSeries;
  readonly before: ChartSeries;
  /** Names stand at the left and are long: the values grow to the right. */
  readonly lying?: boolean;
}

export function chartOption(init: ChartInit): EChartsCoreOption {
  const { kind, description, labels, now, before, lying = false } = init;
  const axisLabel = { color: LIGHT.muted, fontSize: 12 };
  const names = {
    type: 'category',
    data: [...labels],
    inverse: lying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: LIGHT.muted } },
    axisLabel: { ...axisLabel, ...(lying ? { width: 130, overflow: 'break' } : {}) },
  };
  const values = { type: 'value', axisLabel, splitLine: { lineStyle: { color: LIGHT.line } } };
  const series = ({ name, values: data }: ChartSeries, color: string, dashed: boolean) => ({
    ...{ type: kind, name, data: [...data], color, barMaxWidth: 18, symbolSize: 6 },
    lineStyle: { width: 2, type: dashed ? 'dashed' : 'solid' },
    symbol: dashed ? 'emptyCircle' : 'circle',
  });
  return {
    animation: false,
    textStyle: { fontFamily: "'Noto Sans SC', system-ui, sans-serif" },
    // The pattern of the bars says the same as their colour.
    aria: { enabled: true, label: { description }, decal: { show: kind === 'bar' } },
    // In the picture itself: the pages' policy lets no style into markup.
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { top: 0, left: 0, textStyle: { color: LIGHT.text } },
    grid: { top: 36, left: 8, right: 24, bottom: 8, containLabel: true },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: [series(now, NOW, false), series(before, BEFORE, true)],
  };
}
