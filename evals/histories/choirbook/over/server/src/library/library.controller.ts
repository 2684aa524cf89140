import { Body, Controller, Get, HttpCode, NotFoundException, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ILike, type Repository } from 'typeorm';
import { type CopyLoan, Piece, SheetCopy } from './library.entities';
import { LoansService } from './loans.service';

@Controller('library')
export class LibraryController {
  constructor(
    @InjectRepository(Piece) private readonly pieces: Repository<Piece>,
    @InjectRepository(SheetCopy) private readonly copies: Repository<SheetCopy>,
    private readonly loans: LoansService,
  ) {}

  @Get('pieces')
  search(@Query('q') words = ''): Promise<Piece[]> {
    const like = ILike(`%${words}%`);
    return this.pieces.find({ where: [{ title: like }, { composer: like }, { shelfMark: like }], take: 50 });
  }

  @Get('pieces/:id/copies')
  copiesOf(@Param('id', ParseIntPipe) pieceId: number): Promise<SheetCopy[]> {
    return this.copies.find({ where: { pieceId }, order: { number: 'ASC' } });
  }

  @Post('copies/:number/loan')
  handOut(@Param('number', ParseIntPipe) copy: number, @Body('singerId') singerId: number): Promise<CopyLoan> {
    return this.loans.lend(copy, singerId);
  }

  @Post('copies/:number/return')
  @HttpCode(204)
  async bringBack(@Param('number', ParseIntPipe) copy: number): Promise<void> {
    await this.loans.close(copy);
  }

  @Post('copies/:number/withdraw')
  @HttpCode(204)
  async discard(@Param('number', ParseIntPipe) copy: number): Promise<void> {
    const { affected } = await this.copies.update(copy, { withdrawnAt: new Date() });
    if (!affected) throw new NotFoundException(`No copy has the number ${copy}.`);
  }
}
