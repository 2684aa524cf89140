// The service: endpoints, GraphQL, and what is due at night.
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  app.setGlobalPrefix('api', { exclude: ['graphql'] });
  app.enableShutdownHooks();
  await app.listen(Number(process.env.CHOIRBOOK_PORT ?? 3300));
}

void main();
