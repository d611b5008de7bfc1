"""Voices: recorded clips, Piper (a stand-in program), espeak-ng itself."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from protocol import Text
from speech import Loudspeaker, NoVoice, Sound, find_voice, spoken, voice_note
from speech.voices import Clips, Espeak, Piper
from tests.speech.test_sound import a_wav


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    (tmp_path / "zh").mkdir()
    for said in ("请", "A", "零", "二", "三", "号到", "三诊室", "就诊"):
        (tmp_path / "zh" / f"{said}.wav").write_bytes(a_wav(seconds=0.3))
    return tmp_path


def test_recorded_clips_are_joined_the_longest_first(clips: Path) -> None:
    voice = Clips.find(clips)
    assert voice
    said = voice.say(spoken("请A023号到3诊室就诊。", "zh"), "zh")
    assert said.seconds == pytest.approx(8 * 0.3 + 7 * 0.04, abs=0.02)


def test_a_sentence_with_an_unrecorded_word_is_left_to_another_voice_whole(clips: Path) -> None:
    voice = Clips.find(clips)
    assert voice
    with pytest.raises(NoVoice, match="取药"):
        voice.say("请A零二三号到三诊室取药", "zh")


def a_program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "piper"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_piper_reads_with_the_model_of_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sound.wav").write_bytes(a_wav())
    (tmp_path / "zh_CN-huayan.onnx").touch()
    a_program(
        tmp_path,
        f'[ "$2" = "{tmp_path}/zh_CN-huayan.onnx" ] && exec cat {tmp_path}/sound.wav',
        monkeypatch,
    )
    voice = Piper.find(tmp_path)
    assert voice
    assert voice.name == "piper zh_CN-huayan"
    assert voice.say("你好", "zh").seconds == pytest.approx(0.5, abs=0.01)
    assert not voice.speaks("en")


def test_a_voice_that_fails_is_followed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zh.onnx").touch()
    a_program(tmp_path, "echo 'no such model' >&2; exit 1", monkeypatch)
    voice = find_voice(tmp_path)
    assert voice
    if "espeak-ng" in voice.name:
        assert voice.say("你好", "zh").seconds > 0.2
    with pytest.raises(NoVoice, match="no such model"):
        Piper(str(tmp_path / "piper"), {"zh": tmp_path / "zh.onnx"}).say("你好", "zh")


def test_a_machine_without_a_voice_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_voice() is None
    assert "install espeak-ng" in voice_note(None)


def test_espeak_reads_chinese_as_chinese() -> None:
    espeak = Espeak.find()
    assert espeak, "espeak-ng is one of the programs that the tests need"
    assert espeak.say(spoken("请A023号到3诊室就诊。", "zh"), "zh").seconds > 2
    # the plain voice "cmn" spells its own pinyin in English; ours must not
    command = ["espeak-ng", "-q", "-x", "-v", "cmn-latn-pinyin", "请零二三号到三诊室就诊"]
    phonemes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "(en)" not in phonemes


def test_english_letters_of_a_ticket_are_said_by_their_names() -> None:
    said = spoken("Number A023", "en")
    command = ["espeak-ng", "-q", "-x", "-v", "en", said]
    phonemes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "eI" in phonemes


class HeardBy:
    """A player that only listens; each sound takes until it is let go."""

    name = "ears"

    def __init__(self) -> None:
        self.sounds: list[float] = []
        self.at_once = 0
        self.most_at_once = 0
        self.three = Event()

    def play(self, sound: Sound) -> bool:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        Event().wait(0.02)
        self.sounds.append(sound.seconds)
        self.at_once -= 1
        if len(self.sounds) == 3:
            self.three.set()
        return True

    def stop(self) -> None:
        pass


class Hum:
    name = "hum"

    def speaks(self, language: str) -> bool:
        return True

    def say(self, text: str, language: str) -> Sound:
        return Sound(np.full(2205, 0.5, np.float32))


def test_one_loudspeaker_never_says_two_things_at_once() -> None:
    ears = HeardBy()
    tick: Callable[[], datetime] = iter(
        [datetime(2026, 3, 2, 9, 0, 0, n, UTC) for n in range(60)]
    ).__next__
    speaker = Loudspeaker(Hum(), ears, tick)  # type: ignore[arg-type]  # a player is what plays
    for word in ("一", "二", "三"):
        speaker.say(Text(zh=word, en=""))
    assert ears.three.wait(5)
    speaker.stop()
    assert ears.most_at_once == 1
    assert speaker.problem == ""
