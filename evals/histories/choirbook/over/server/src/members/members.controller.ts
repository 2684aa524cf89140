import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Patch, Post } from '@nestjs/common';
import { MembersService } from './members.service';
import type { Singer, Voice } from './singer.entity';

@Controller('members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  list(): Promise<Singer[]> {
    return this.members.singing();
  }

  @Get(':id')
  one(@Param('id', ParseIntPipe) id: number): Promise<Singer> {
    return this.members.byId(id);
  }

  @Post()
  join(@Body() body: { name: string; voice: Voice; mail?: string }): Promise<Singer> {
    return this.members.join(body.name, body.voice, body.mail ?? null);
  }

  @Patch(':id/voice')
  reseat(@Param('id', ParseIntPipe) id: number, @Body('voice') voice: Voice): Promise<Singer> {
    return this.members.changeVoice(id, voice);
  }

  @Delete(':id')
  @HttpCode(204)
  async farewell(@Param('id', ParseIntPipe) id: number): Promise<void> {
    await this.members.leave(id);
  }
}
