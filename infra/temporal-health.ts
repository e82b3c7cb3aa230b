/** Whether a Temporal server answers. Knows nothing of who started it. */

import { Connection } from '@temporalio/client';

const connectTimeoutMs = 2_000;

/** True when the server at `address` (`host:port`) answers and has the namespace. */
export async function answers(address: string, namespace = 'default'): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: connectTimeoutMs }).catch(() => undefined);
  if (connection === undefined) return false;
  try {
    const deadline = Date.now() + connectTimeoutMs;
    await connection.withDeadline(deadline, () => connection.workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
