/** `npm run minio:install`: builds the MinIO server that the store tests use. Needs Go; takes some minutes. */

import { readEnvironment } from '../../dist/config/environment.js';
import { findMinio, installMinio } from '../../dist/infra/minio-binary.js';

const { cacheFolder } = readEnvironment();
const found = await findMinio({ cacheFolder });
if (found === undefined) process.stdout.write('building minio, which takes some minutes …\n');
process.stdout.write(`minio: ${found ?? (await installMinio({ cacheFolder }))}\n`);
