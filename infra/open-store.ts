/** Opens the store that the settings name. Knows neither where settings come from nor what is stored. */

import type { Store } from '../core/checkpoint/store.js';
import { createEmbeddedStore } from './embedded-store.js';
import { createMinioStore, type MinioSettings } from './minio-store.js';

/** Plain data: it crosses to the model process. */
export type StoreSettings =
  | { readonly kind: 'embedded'; readonly folder: string }
  | ({ readonly kind: 'minio' } & MinioSettings);

/** @throws StoreUnavailableError when a server does not answer. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  return settings.kind === 'minio' ? createMinioStore(settings) : createEmbeddedStore(settings);
}
