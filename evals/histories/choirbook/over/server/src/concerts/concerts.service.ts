import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ProgrammeItem } from './concert.entities';

@Injectable()
export class ConcertsService {
  constructor(@InjectRepository(ProgrammeItem) private readonly items: Repository<ProgrammeItem>) {}

  programme(concertId: number): Promise<ProgrammeItem[]> {
    return this.items.find({ where: { concertId }, order: { position: 'ASC' } });
  }

  async append(concertId: number, pieceId: number): Promise<ProgrammeItem> {
    const position = (await this.items.maximum('position', { concertId })) ?? 0;
    const { id } = await this.items.save({ concertId, position: position + 1, piece: { id: pieceId }, encore: false });
    return this.items.findOneByOrFail({ id });
  }

  /** Put an item at another place. It steps aside first, and the others close ranks, one after the other. */
  async reorder(itemId: number, to: number): Promise<ProgrammeItem[]> {
    const { concertId } = await this.items.findOneByOrFail({ id: itemId });
    const items = await this.programme(concertId);
    const [moved] = items.splice(items.findIndex((item) => item.id === itemId), 1);
    items.splice(to - 1, 0, moved);
    await this.items.update(itemId, { position: 0 });
    for (const [index, item] of items.entries()) {
      await this.items.update(item.id, { position: index + 1 });
    }
    return this.programme(concertId);
  }
}
