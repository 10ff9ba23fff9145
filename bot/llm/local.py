"""A transformers model in a folder as a langchain model. The only door of bot to transformers and torch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import torch
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    StoppingCriteria,
    StoppingCriteriaList,
    TextIteratorStreamer,
)

_ROLES = {"human": "user", "ai": "assistant"}
_LONGEST = 60.0  # seconds; a generation that nobody waits for any more ends by itself


class _Gone(threading.Event, StoppingCriteria):
    """Set when nobody reads on; ends a generation at its next token."""

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self.is_set(), dtype=torch.bool)


class LocalModel(BaseChatModel):
    """Speaks through the model's own chat template; one generation at a time."""

    model: Any
    tokenizer: Any
    most_tokens: int
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @classmethod
    def load(cls, folder: Path, most_tokens: int) -> Self:
        """Load a model and its tokenizer; nothing is fetched.

        Raises:
            OSError: the folder holds no model.
            ValueError: its tokenizer has no chat template.
        """
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        if not tokenizer.chat_template:
            raise ValueError(f"{folder}:分词器没有 chat_template,不是对话模型")
        model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
        return cls(
            model=model.eval(),  # type: ignore[no-untyped-call]
            tokenizer=tokenizer,
            most_tokens=most_tokens,
        )

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        said = "".join(str(chunk.message.content) for chunk in self._stream(messages, stop))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(said))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        talk = [{"role": _ROLES.get(m.type, m.type), "content": m.text} for m in messages]
        given = self.tokenizer.apply_chat_template(
            talk, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        heard = TextIteratorStreamer(self.tokenizer, skip_prompt=True, skip_special_tokens=True)
        gone = _Gone()
        with self._lock:
            speaking = threading.Thread(target=self._speak, args=(given, heard, gone), daemon=True)
            speaking.start()
            try:
                for piece in heard:
                    yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
            finally:  # also when nobody reads on
                gone.set()
                speaking.join()

    def _speak(self, given: Any, heard: TextIteratorStreamer, gone: _Gone) -> None:
        try:
            with torch.inference_mode():
                self.model.generate(
                    **given,
                    streamer=heard,
                    stopping_criteria=StoppingCriteriaList([gone]),
                    do_sample=False,
                    max_new_tokens=self.most_tokens,
                    max_time=_LONGEST,
                    pad_token_id=self.tokenizer.eos_token_id,
                )
        finally:
            heard.end()  # type: ignore[no-untyped-call]
