/** The report's colours by meaning, on paper and on a dark screen. Knows no page. */

export interface Palette {
  readonly [name: string]: string;
}

/** Okabe and Ito's colours, darkened where text or thin lines are drawn in them. */
export const LIGHT: Palette = {
  page: '#fbfbfa',
  surface: '#ffffff',
  ink: '#1c2024',
  muted: '#5b636b',
  rule: '#d9dde1',
  link: '#0b5cad',
  before: '#d55e00',
  after: '#0072b2',
  flag: '#fdf1dc',
  'flag-edge': '#b57400',
  'series-0': '#0072b2',
  'series-1': '#d55e00',
  'series-2': '#00805e',
  'series-3': '#b0528a',
  'series-4': '#8a6d00',
  'series-5': '#4b5560',
  // One hue, from nothing to much.
  'heat-0': '#f5f7f9',
  'heat-1': '#dbe7f3',
  'heat-2': '#b5d1e8',
  'heat-3': '#85b4d9',
  'heat-4': '#4f93c5',
  'heat-5': '#2a6fa8',
  'heat-6': '#0b3f73',
  'heat-ink-low': '#1c2024',
  'heat-ink-high': '#ffffff',
};

export const DARK: Palette = {
  page: '#14171a',
  surface: '#1b1f23',
  ink: '#e7e9eb',
  muted: '#a3abb3',
  rule: '#3a4148',
  link: '#7fbcf5',
  before: '#ff9552',
  after: '#5db4ea',
  flag: '#33290f',
  'flag-edge': '#e0a93b',
  'series-0': '#5db4ea',
  'series-1': '#ff9552',
  'series-2': '#3fcf9f',
  'series-3': '#e39ac6',
  'series-4': '#e3cb55',
  'series-5': '#b6bec6',
  'heat-0': '#23292f',
  'heat-1': '#213a50',
  'heat-2': '#234f74',
  'heat-3': '#2f6a9c',
  'heat-4': '#6ba6d6',
  'heat-5': '#a2cbec',
  'heat-6': '#e0f0fc',
  'heat-ink-low': '#ffffff',
  'heat-ink-high': '#14171a',
};

/** On paper: black on white, no tinted ground. */
export const PRINT: Palette = {
  ...LIGHT,
  page: '#ffffff',
  ink: '#000000',
  muted: '#444444',
  rule: '#bbbbbb',
  link: '#000000',
  flag: '#ffffff',
};

/** Shades of the one-hue scale. */
export const HEAT_SHADES = 7;

/**
 * Around a middle, purple below and green above (ColorBrewer PRGn, safe for the colour-blind). The same on every ground,
 * as each tile carries its own ink.
 */
export const DIVERGING: readonly { readonly fill: string; readonly ink: string }[] = [
  { fill: '#762a83', ink: '#ffffff' },
  { fill: '#af8dc3', ink: '#111111' },
  { fill: '#e7d4e8', ink: '#111111' },
  { fill: '#f4f4f4', ink: '#111111' },
  { fill: '#d9f0d3', ink: '#111111' },
  { fill: '#7fbf7b', ink: '#111111' },
  { fill: '#1b7837', ink: '#ffffff' },
];

/** Custom properties of a style rule. */
export function asProperties(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');
}
