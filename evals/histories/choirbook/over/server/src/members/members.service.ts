import { BadRequestException, ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { LoansService } from '../library/loans.service';
import { Singer, VOICES, type Voice } from './singer.entity';

@Injectable()
export class MembersService {
  constructor(
    @InjectRepository(Singer) private readonly singers: Repository<Singer>,
    private readonly loans: LoansService,
  ) {}

  /** Everybody who has not left, by voice and name. */
  singing(): Promise<Singer[]> {
    return this.singers.find({ where: { leftOn: IsNull() }, order: { voice: 'DESC', name: 'ASC' } });
  }

  async byId(id: number): Promise<Singer> {
    const singer = await this.singers.findOneBy({ id });
    if (!singer) throw new NotFoundException(`Nobody has the number ${id}.`);
    return singer;
  }

  join(name: string, voice: Voice, mail: string | null): Promise<Singer> {
    this.check(voice);
    return this.singers.save({ name, voice, mail, joinedOn: new Date().toISOString().slice(0, 10), leftOn: null });
  }

  async changeVoice(id: number, voice: Voice): Promise<Singer> {
    this.check(voice);
    const singer = await this.byId(id);
    singer.voice = voice;
    return this.singers.save(singer);
  }

  /** Nobody leaves with a copy at home. The row stays, for old programmes. */
  async leave(id: number): Promise<void> {
    const out = await this.loans.outWith(id);
    if (out.length > 0) throw new ConflictException(`${out.length} copies are still out.`);
    await this.singers.update(id, { leftOn: new Date().toISOString().slice(0, 10), mail: null });
  }

  private check(voice: Voice): void {
    if (!VOICES.includes(voice)) throw new BadRequestException(`${voice} is no voice.`);
  }
}
