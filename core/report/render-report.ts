/** The report of a run: one HTML file that needs nothing else. Knows neither files nor the clock. */
import type { ReportInput } from './report-input.js';

export function renderReport(input: ReportInput): string {
  return input.title;
}
