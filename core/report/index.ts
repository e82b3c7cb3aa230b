/** What a run says of itself: results, table, page. */
export * from './results.js';
export type * from './report-input.js';
export { assembleResults, type AssembleInput } from './assemble.js';
export { BEST_RULE, bestOfEach, chooseBest, meanDistance, perplexityChange, PERPLEXITY_TOLERANCE } from './best.js';
export { compareRuns, type ComparedRun, type RunComparison } from './compare-runs.js';
export { comparisonText } from './comparison-text.js';
export { blindedPairs, raterInstructions, type BlindedPairs, type WrittenPair } from './blinded-pairs.js';
export { figureFiles } from './figure-files.js';
export { dataCard } from './data-card.js';
export { isPoint, pointLabel, pointOf } from './points.js';
export { ppoLogFiles } from './ppo-log.js';
export { runCard } from './run-card.js';
export { sentencesCsv, SENTENCE_COLUMNS, type ModelSentences } from './sentences-csv.js';
export { measuredAlike, nameWays } from './measured-alike.js';
export { healthFlags } from './health.js';
export { modelCard, type ModelCardInput } from './model-card.js';
export { renderReport } from './render-report.js';
export { summaryTable, textTable } from './summary-table.js';
