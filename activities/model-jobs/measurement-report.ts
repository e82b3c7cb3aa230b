/** Job measurement-report: what a person reads of a measurement without mitigation. */

import { stringify } from 'yaml';
import { parseTargets } from '../../config/study-data.js';
import { runtimeFingerprint } from '../../core/backends/onnx/index.js';
import type { JobContext } from '../../core/job-context.js';
import { assembleResults } from '../../core/report/index.js';
import { getJson, getLines, getText } from '../blobs.js';
import type { WriteMeasurementInput } from '../study-results.js';
import { jobRuntime, readMeasuringConfig } from '../study.js';
import type { MeasuredSentence } from './bias-eval.js';
import type { Comparison } from './compare.js';
import { describeMeasures } from './further-measures.js';
import { classifierResult, inputDigests, stageRows } from './report.js';
import { putReport, type ReportFiles } from './report-files.js';

export async function measurementReportJob(
  { study, baseline, comparison, sentiment, sentimentModel, stages, runId, command }: WriteMeasurementInput,
  { store }: JobContext,
): Promise<ReportFiles> {
  const config = await readMeasuringConfig(store, study);
  const targets = parseTargets(await getText(store, study.targets), 'targets');
  const measured = await getJson<Comparison>(store, comparison.comparison);
  const fingerprint = { ...runtimeFingerprint(jobRuntime(config)) };
  const inputs = { ...inputDigests(study), 'sentiment model': sentimentModel.sha256 };
  const results = assembleResults({
    kind: 'measurement',
    run: runId,
    preset: config.name,
    fingerprint,
    stages: stageRows(stages),
    inputs,
    baseline: measured.baseline,
    points: [],
    expected: [],
    ...(sentiment ? { measure: classifierResult(sentiment) } : {}),
    measures: describeMeasures(sentimentModel, study.measures),
  });
  const report = {
    title: `Bias of a language model: ${targets.name}`,
    textLanguage: targets.language,
    ...(targets.labels ? { groupLabels: targets.labels } : {}),
    results,
    curves: { finetune: [], ppo: [] },
    samples: [],
    ...(study.skippedLabels ? { skippedRows: study.skippedLabels.count } : {}),
    limits: sentiment
      ? []
      : [
          'The measuring classifier was given; how good it is was not measured here, so judge it before you judge the model.',
        ],
    reproduction: {
      configuration: stringify(config, { lineWidth: 0 }),
      commands: [command],
      digests: Object.entries(inputs).map(([name, sha256]) => ({ name, sha256 })),
      versions: Object.fromEntries(Object.entries(fingerprint).map(([name, value]) => [name, String(value)])),
    },
  };
  const sentences = await getLines<MeasuredSentence>(store, baseline.sentences);
  return putReport(store, report, [{ model: 'measured', sentences }]);
}
