import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Body, Controller, Get, NotFoundException, Param, ParseIntPipe, Post, StreamableFile, UploadedFile, UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ScanPage } from './library.entities';

const FOLDER = process.env.CHOIRBOOK_SCANS ?? 'scans';
const MOST_BYTES = 8 * 1024 * 1024;

@Controller('scans')
export class ScansController {
  constructor(@InjectRepository(ScanPage) private readonly pages: Repository<ScanPage>) {}

  @Post(':pieceId/:page')
  @UseInterceptors(FileInterceptor('image', { limits: { fileSize: MOST_BYTES } }))
  async keep(
    @Param('pieceId', ParseIntPipe) pieceId: number,
    @Param('page', ParseIntPipe) page: number,
    @UploadedFile() image: Express.Multer.File,
    @Body('rightsUntil') rightsUntil?: string,
  ): Promise<ScanPage> {
    const file = `${pieceId}-${page}.png`;
    await writeFile(join(FOLDER, file), image.buffer);
    return this.pages.save({ pieceId, page, file, rightsUntil: rightsUntil || null });
  }

  @Get(':pieceId/:page')
  async show(
    @Param('pieceId', ParseIntPipe) pieceId: number,
    @Param('page', ParseIntPipe) page: number,
  ): Promise<StreamableFile> {
    const found = await this.pages.findOneBy({ pieceId, page });
    if (!found) throw new NotFoundException('This page was not scanned.');
    return new StreamableFile(createReadStream(join(FOLDER, found.file)), { type: 'image/png' });
  }
}
