/** Opens the store that the settings name. Knows neither where settings come from nor what is stored. */

import type { Store } from '../core/checkpoint/store.js';
import { createEmbeddedStore } from './embedded-store.js';
import type { MinioSettings } from './minio-store.js';

/** Plain data: it crosses to the model process. */
export type StoreSettings =
  | { readonly kind: 'embedded'; readonly folder: string }
  | ({ readonly kind: 'minio' } & MinioSettings);

/** @throws StoreUnavailableError when a server does not answer. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  if (settings.kind === 'embedded') return createEmbeddedStore(settings);
  // Loaded when it is needed: its library would cost every model process a third of a second.
  const { createMinioStore } = await import('./minio-store.js');
  return createMinioStore(settings);
}
